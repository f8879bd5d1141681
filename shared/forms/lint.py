"""Read a sound form with the eyes of whoever must answer it, and say what could be better."""

from collections.abc import Iterator, Sequence

from shared.forms.form import Form
from shared.forms.items import Display, Group, Item, Question, ShownWhen, Text
from shared.forms.reachable import Reach
from shared.forms.remarks import Remark, remark
from shared.forms.risks import risks_in

MOST_SURVEYED = 12

_WRITTEN = frozenset({"string", "text", "open-choice", "integer"})
_FREE_TEXT = frozenset({"string", "text"})


def lint_form(form: Form) -> tuple[Remark, ...]:
    """What to look at again, in the order of the form; () if nothing. Pure, and ends soon for any form.

    `missing_translation`, `missing_help`, `risky_text` (`risks.py`), `never_shown`,
    `required_never_shown`, `condition_never_true`, `condition_on_text`, `long_option_list`, `single_option`,
    `same_option_words`, `file_stays_behind`, `nothing_to_answer`.
    """
    lint = _Lint(form)
    return (
        *(() if _asks(form.items) else (remark("nothing_to_answer", "item"),)),
        *lint.items(form.items, ""),
    )


class _Lint:
    def __init__(self, form: Form) -> None:
        self._reach = Reach(form.items)
        self._types = {question.link_id: question.type for _, question in form.questions()}

    def items(self, items: Sequence[Item], above: str, hidden: bool = False) -> Iterator[Remark]:
        for index, item in enumerate(items):
            path = f"{above}item[{index}]"
            never = self._reach.is_never_shown(item.link_id)
            yield from _untranslated(item.text, f"{path}.text")
            if item.shown_when is not None:
                yield from self._conditions(item.shown_when, f"{path}.enableWhen")
            if never and isinstance(item, Question) and item.required:
                yield remark("required_never_shown", path)
            elif never and not hidden:
                yield remark("never_shown", path)
            if isinstance(item, Question):
                yield from _question(item, path)
            elif isinstance(item, Group):
                if not _asks(item.items):
                    yield remark("nothing_to_answer", path)
                yield from self.items(item.items, f"{path}.", never)

    def _conditions(self, shown_when: ShownWhen, path: str) -> Iterator[Remark]:
        for index in self._reach.never_hold(shown_when):
            yield remark("condition_never_true", f"{path}[{index}]")
        for index, condition in enumerate(shown_when.conditions):
            if condition.operator != "exists" and self._types[condition.question] in _FREE_TEXT:
                yield remark("condition_on_text", f"{path}[{index}]")


def _asks(items: Sequence[Item]) -> bool:
    return any(isinstance(it, Question) or (isinstance(it, Group) and _asks(it.items)) for it in items)


def _untranslated(text: Text, path: str) -> Iterator[Remark]:
    if text.en is None:
        yield remark("missing_translation", path)


def _question(question: Question, path: str) -> Iterator[Remark]:
    if question.help is None:
        yield remark("missing_help", path)
    else:
        yield from _untranslated(question.help.text, f"{path}.item[0].text")
    if question.type == "attachment":
        yield remark("file_stays_behind", path)
    if question.type in _WRITTEN:
        yield from _risks(question, path)
    yield from _options(question, f"{path}.answerOption")


def _risks(question: Question, path: str) -> Iterator[Remark]:
    texts = [question.text, *([question.help.text] if isinstance(question.help, Display) else [])]
    for what in risks_in("\n".join(words for text in texts for words in (text.sv, text.en or ""))):
        yield remark("risky_text", f"{path}.text", what=what)


def _options(question: Question, path: str) -> Iterator[Remark]:
    seen: set[str] = set()
    if len(question.options) > MOST_SURVEYED:
        yield remark("long_option_list", path, count=len(question.options), most=MOST_SURVEYED)
    if len(question.options) == 1 and question.type == "choice" and not question.repeats:
        yield remark("single_option", path)
    for index, option in enumerate(question.options):
        display = f"{path}[{index}].valueCoding.display"
        yield from _untranslated(option.display, display)
        words = " ".join(option.display.sv.casefold().split())
        if words in seen:
            yield remark("same_option_words", display)
        seen.add(words)
