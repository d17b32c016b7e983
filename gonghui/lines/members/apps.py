"""The line 会员实名制."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Persons, memberships and what happens to them."""

    name = "gonghui.lines.members"
    label = "members"
    verbose_name = "会员实名制"

    def ready(self) -> None:
        """Declare the parameters and registers."""
        from gonghui.lines.members import parameters, registers  # noqa: F401  they register
        from gonghui.web import cards

        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=20,
                tiles=("members.new", "members.total", "members.join_rate"),
                more=("members.realname_rate", "members.transfers_in", "members.dup_open"),
                compared=("members.new", "members.total", "members.realname_rate"),
            )
        )
