"""HTTP: what case types and templates have in common: drafts, versions, copies, exchange."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.admin.adapters.documents import DocumentReading, Sight
from services.admin.application.documents.commands import CreateDocument
from services.admin.application.documents.kind import DocumentKind
from services.admin.application.documents.owners import may_see, must_write, writes_at
from services.admin.application.documents.preview import Preview
from services.admin.application.documents.transfer import ImportReport, exported, read_file
from services.admin.application.documents.views import (
    DifferenceView,
    DocumentLine,
    DocumentView,
    DraftView,
    VersionView,
    document_line,
    document_view,
    draft_view,
)
from services.admin.application.documents.wishes import Copy, Import, RollBack
from services.admin.application.faults import no_such_version, not_found
from services.admin.application.policy import Act
from services.admin.domain.account import Account
from services.admin.domain.differences import differences
from services.admin.domain.document import NO_DRAFT, Document
from services.admin.entrypoints.asking import Asking, tag
from shared.contracts.message import Slug
from shared.errors import NotFound
from shared.forms import Language
from shared.http.commands import VersionSeen
from shared.http.problems import language_of

After = Annotated[str, Query(max_length=63, description="The last id of the page before")]
AfterVersion = Annotated[int, Query(ge=0, le=2**31, description="The last version of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
Number = Annotated[int, Query(ge=0, le=2**31, description="A version's number; 0 is the draft")]


@dataclass(frozen=True, slots=True)
class DocumentRoutes:
    """The routes of one kind of document."""

    routes: APIRouter
    asking: Asking
    reading: DocumentReading
    kind: DocumentKind

    def add(self) -> None:
        """All of them."""
        self._looks()
        self._reads()
        self._versions()
        self._drafts()
        self._acts()
        self._exchange()

    async def seen(self, request: Request, id_: str) -> tuple[Account, Document[Any]]:
        """Who asks, and the document. Raises NotFound if they can't see it."""
        reader = await self.asking.reader(request, Act.SEE_CATALOGUE)
        document = await self.reading.one(id_)
        if document is None or not may_see(reader, document):
            raise not_found("id")
        return reader, document

    async def content(self, request: Request, id_: str, version: int) -> Any:
        """What a version says; what the draft says for 0. Drafts are for their owner's administrators only."""
        reader, document = await self.seen(request, id_)
        if version == 0:
            must_write(reader, document.owner)
            if document.draft is None:
                raise NotFound(NO_DRAFT)
            return document.draft.content
        found = await self.reading.versions(document, version, version)
        if not found:
            raise no_such_version("version")
        return type(document.said()).model_validate(found[0].state)

    def _looks(self) -> None:
        @self.routes.post("/preview", response_model=Preview)
        async def preview(request: Request, look: self.kind.look) -> Any:  # type: ignore[name-defined]
            """What a draft would be, as people will see it, with remarks. Nothing is stored."""
            await self.asking.reader(request, Act.SEE_CATALOGUE)
            return self.kind.review(look.content.content(), language(request), look.answers)

    def _reads(self) -> None:
        @self.routes.get("", response_model=list[DocumentLine])
        async def list_documents(request: Request, after: After = "", limit: Limit = 100) -> Any:
            """What is published, without its content, and the drafts of whoever may write them. In the order of ids."""
            reader = await self.asking.reader(request, Act.SEE_CATALOGUE)
            sight = Sight(
                reader.national,
                frozenset(reader.in_force),
                frozenset(reader.reach.values()) - {""},
                writes_at(reader),
            )
            return [document_line(found) for found in await self.reading.page(sight, after, limit)]

        @self.routes.get("/{document_id}", response_model=DocumentView)
        async def read_document(request: Request, response: Response, document_id: Slug) -> Any:
            """The newest published version; its number as ETag."""
            _, document = await self.seen(request, document_id)
            tag(response, document.version)
            return document_view(document)

        @self.routes.get("/{document_id}/preview", response_model=Preview)
        async def preview(request: Request, document_id: Slug, version: Number = 0) -> Any:
            """A version or the draft as people will see it, with remarks."""
            content = await self.content(request, document_id, version)
            return self.kind.review(content, language(request), None)

    def _versions(self) -> None:
        @self.routes.get("/{document_id}/versions", response_model=list[VersionView])
        async def list_versions(
            request: Request, document_id: Slug, after: AfterVersion = 0, limit: Limit = 20
        ) -> Any:
            """Every version that was published, whole, oldest first, with who published it."""
            _, document = await self.seen(request, document_id)
            type_ = type(document.content)
            return [
                VersionView(
                    id=document.id,
                    content=type_.model_validate(found.state).model_dump(mode="json"),  # type: ignore[union-attr]
                    version=found.version,
                    changed_by=found.changed_by,
                    changed_at=found.changed_at,
                )
                for found in await self.reading.versions(document, after + 1, after + limit)
            ]

        @self.routes.get("/{document_id}/differences", response_model=list[DifferenceView])
        async def compare(request: Request, document_id: Slug, before: Number, after: Number) -> Any:
            """What is different between two versions, or between one and the draft: fields, questions, options."""
            first = await self.content(request, document_id, before)
            second = await self.content(request, document_id, after)
            found = differences(first.model_dump(mode="json"), second.model_dump(mode="json"))
            return [
                DifferenceView(path=it.path, kind=it.kind, before=it.before, after=it.after) for it in found
            ]

        @self.routes.get("/{document_id}/export", response_model=dict[str, Any])
        async def export(request: Request, document_id: Slug, version: Number) -> Any:
            """A version, or the draft, as a file that `import` takes."""
            content = await self.content(request, document_id, version)
            return exported(self.kind.format, document_id, version, content.model_dump(mode="json"))

    def _drafts(self) -> None:
        @self.routes.post("", response_model=DocumentView, status_code=201)
        async def create(request: Request, response: Response, wish: self.kind.new) -> Any:  # type: ignore[name-defined]
            """Write the first draft (the owner's administrators)."""
            command = self.kind.commands.create(id=wish.id, owner=wish.owner.owner(), wish=wish.content)
            return await self._created(request, response, command)

        @self.routes.get("/{document_id}/draft", response_model=DraftView)
        async def read_draft(request: Request, response: Response, document_id: Slug) -> Any:
            """The draft; its number as ETag (the owner's administrators)."""
            reader, document = await self.seen(request, document_id)
            must_write(reader, document.owner)
            if document.draft is None:
                raise NotFound(NO_DRAFT)
            tag(response, document.revision)
            return draft_view(document)

        @self.routes.put("/{document_id}/draft", response_model=DocumentView)
        async def save_draft(
            request: Request,
            response: Response,
            document_id: Slug,
            version: VersionSeen,
            wish: self.kind.wish,  # type: ignore[name-defined]
        ) -> Any:
            """Say what the draft shall be; `If-Match` is its number, `draft_revision` where there is none."""
            return await self._drafted(
                request, response, self.kind.commands.save(id=document_id, seen=version, wish=wish)
            )

        @self.routes.delete("/{document_id}/draft", response_model=DocumentView)
        async def discard_draft(
            request: Request, response: Response, document_id: Slug, version: VersionSeen
        ) -> Any:
            """Give the draft up; what is published stays."""
            return await self._drafted(
                request, response, self.kind.commands.discard(id=document_id, seen=version)
            )

    def _acts(self) -> None:
        @self.routes.post("/{document_id}/draft/publication", response_model=DocumentView)
        async def publish_draft(
            request: Request, response: Response, document_id: Slug, version: VersionSeen
        ) -> Any:
            """The draft becomes the next version, which never changes; `If-Match` is the draft's number.

            Templates only where their place asks for no second person's approval.
            """
            command = self.kind.commands.publish(id=document_id, seen=version)
            return await self.asking.perform(request, response, command, line=document_id)

        @self.routes.post("/{document_id}/retirement", response_model=DocumentView)
        async def retire(
            request: Request, response: Response, document_id: Slug, version: VersionSeen
        ) -> Any:
            """End it, by a last version: nothing new begins with it. What has begun goes on."""
            command = self.kind.commands.retire(id=document_id, seen=version)
            return await self.asking.perform(request, response, command, line=document_id)

        @self.routes.post("/{document_id}/rollback", response_model=DocumentView)
        async def roll_back(
            request: Request, response: Response, document_id: Slug, version: VersionSeen, wish: RollBack
        ) -> Any:
            """Publish an earlier version's content again, as a new version."""
            command = self.kind.commands.roll_back(id=document_id, seen=version, to_version=wish.to_version)
            return await self.asking.perform(request, response, command, line=document_id)

        @self.routes.post("/{document_id}/copies", response_model=DocumentView, status_code=201)
        async def copy(request: Request, response: Response, document_id: Slug, wish: Copy) -> Any:
            """Write a first draft with what this one says, under another id, for any owner."""
            command = self.kind.commands.copy(id=wish.id, owner=wish.owner.owner(), source=document_id)
            return await self._created(request, response, command)

    def _exchange(self) -> None:
        @self.routes.post("/{document_id}/import", response_model=ImportReport)
        async def import_(
            request: Request, document_id: Slug, version: VersionSeen, wish: Import, dry_run: bool = True
        ) -> Any:
            """Take a file as the draft, field by field: the report says what was taken, changed and refused.

            A dry run, unless asked otherwise. `If-Match` is the draft's number, "0" where it is new.
            """
            await self.asking.reader(request, Act.SEE_CATALOGUE)
            usable, report = read_file(wish.file, self.kind.format, self.kind.wish)
            command = self.kind.commands.import_(
                id=document_id,
                seen=version,
                owner=wish.owner.owner(),
                wish=usable,
                report=report.model_dump(mode="json"),
                dry_run=dry_run,
            )
            return await self.asking.act(request, command, line=document_id)

    async def _created(self, request: Request, response: Response, command: CreateDocument) -> Any:
        response.headers["Location"] = f"{self.kind.path}/{command.id}"
        return await self._drafted(request, response, command)

    async def _drafted(self, request: Request, response: Response, command: Any) -> Any:
        """Take an act on a draft through: the draft's number is the ETag."""
        answer = await self.asking.act(request, command, line=command.id)
        tag(response, answer["draft_revision"])
        return answer


def language(request: Request) -> Language:
    """What remarks and previews are worded in."""
    return "en" if language_of(request) == "en" else "sv"
