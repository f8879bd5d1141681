"""Templates as one kind of document."""

from services.admin.application.documents.commands import commands_about
from services.admin.application.documents.kind import DocumentKind
from services.admin.application.templates.review import preview_template
from services.admin.application.templates.wishes import NewTemplate, TemplateLook, TemplateWish
from services.admin.domain.template import Template

TEMPLATES = DocumentKind(
    noun="template",
    rows="templates",
    commands=commands_about("template", Template),
    wish=TemplateWish,
    new=NewTemplate,
    look=TemplateLook,
    review=preview_template,
)
