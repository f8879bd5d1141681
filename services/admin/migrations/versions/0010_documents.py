"""Case types have owners, drafts and much more to say than their names and forms.

What they say moves into one column, read and written whole. Both releases can't run side by side here: the columns that
the former one writes are gone, since no installation has it.
"""

from alembic import op

from shared.database.migrate import run_script

revision = "0010"
down_revision = "0009"

CHANGE = """
ALTER TABLE case_types
    ADD COLUMN owner_kind text NOT NULL DEFAULT 'national',
    ADD COLUMN owner_place text NOT NULL DEFAULT '',
    ADD COLUMN content jsonb,
    ADD COLUMN draft jsonb,
    ADD COLUMN revision bigint NOT NULL DEFAULT 0;
UPDATE case_types SET content = jsonb_build_object(
    'name_sv', name_sv, 'name_en', name_en, 'active', active,
    'question_form', question_form, 'answer_form', answer_form);
ALTER TABLE case_types
    DROP COLUMN name_sv, DROP COLUMN name_en, DROP COLUMN active, DROP COLUMN question_form, DROP COLUMN answer_form,
    ADD CHECK (content IS NOT NULL OR draft IS NOT NULL),
    ADD CHECK ((content IS NULL) = (version = 0));
CREATE TABLE adaptations (
    id text PRIMARY KEY,
    place_kind text NOT NULL,
    place text NOT NULL,
    case_type text NOT NULL,
    adaptation jsonb NOT NULL,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
