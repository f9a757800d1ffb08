"""Who may do what: one table, by the operation's id, for the API and the pages alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from console.accounts.account import Identity, Role

A = Role.AGENT
S = Role.SHIFT_MANAGER
C = Role.CAMPAIGN_MANAGER
U = Role.AUDITOR
M = Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Who may do one operation.

    `roles` may do it to everything, `own` only to their own agent and calls, and
    `numbers` see whole telephone numbers in the answer; all others see them masked.
    An administrator is in `roles` and `numbers` of everything. `to_nobody` needs no
    log-in at all.
    """

    roles: frozenset[Role]
    own: frozenset[Role] = frozenset()
    numbers: frozenset[Role] = frozenset()
    to_nobody: bool = False

    @property
    def everybody(self) -> frozenset[Role]:
        """Whoever may do it at all."""
        return self.roles | self.own


def may(
    *roles: Role, own: tuple[Role, ...] = (), numbers: tuple[Role, ...] = ()
) -> Permission:
    """Who may; the administrator besides."""
    return Permission(
        roles=frozenset((*roles, M)),
        own=frozenset(own),
        numbers=frozenset((*numbers, M)),
    )


OPEN = Permission(roles=frozenset(Role), to_nobody=True)
"""For strangers, too."""
ALL = may(A, S, C, U)
"""For everybody who is logged in."""
FLOOR = may(A, S, C, U)
"""What the floor is like now: queues, agents, plan level."""

OPERATIONS: Mapping[str, Permission] = {
    # Calls and recordings
    "list_calls": may(S, C, U, numbers=(S,)),
    "get_call": may(S, C, U, own=(A,), numbers=(S, A)),
    "get_call_decisions": may(S, U),
    "dispose_call": may(S, own=(A,)),
    "list_call_notes": may(S, U, own=(A,), numbers=(S, A)),
    "add_call_note": may(S, own=(A,), numbers=(S, A)),
    "set_call_priority": may(S),
    "make_confidential": may(S, own=(A,)),
    "list_recordings": may(S, U),
    "get_recording": may(S, U),
    "get_recording_audio": may(S, U),
    "head_recording_audio": may(S, U),
    "get_recording_peaks": may(S, U),
    "prove_recording": may(S, U),
    "export_recording": may(S, U, numbers=(S,)),
    "list_recording_holds": may(S, U),
    "hold_recording": may(S),
    # Talks
    "list_talks": may(S),
    "list_third_parties": may(A, S),
    "list_supervisors": may(S),
    "list_dispositions": may(A, S, C, U),
    "replace_dispositions": may(S),
    "get_talk": may(S, own=(A,)),
    "consult": may(S, own=(A,)),
    "transfer": may(S, own=(A,)),
    "supervise": may(S),
    "command_talk": may(S, own=(A,)),
    # Queues, agents, people
    "list_queues": FLOOR,
    "add_queue": may(),
    "remove_queue": may(),
    "get_queue_rules": may(S, U),
    "replace_queue_rules": may(S),
    "change_queue_rules": may(S),
    "list_agents": FLOOR,
    "add_agent": may(S),
    "remove_agent": may(S),
    "get_agent": may(S, C, U, own=(A,)),
    "set_agent_state": may(S, own=(A,)),
    "get_agent_desk": may(S, own=(A,), numbers=(S, A)),
    "follow_agent_desk": may(S, own=(A,)),
    "get_agent_profile": may(S, U, own=(A,)),
    "replace_agent_profile": may(S),
    "change_agent_profile": may(S),
    "list_people": may(S, U, numbers=(S,)),
    "add_people": may(S, numbers=(S,)),
    "get_person": may(S, U, numbers=(S,)),
    "remove_person": may(S),
    "list_pause_reasons": ALL,
    "replace_pause_reasons": may(S),
    "list_rule_changes": may(S, U),
    "list_texts": may(S, U),
    "reword_text": may(S),
    # Flows
    "list_flows": may(S, U),
    "list_flow_versions": may(S, U),
    "save_flow_version": may(S, numbers=(S,)),
    "get_flow_version": may(S, U, numbers=(S,)),
    "get_flow_picture": may(S, U, numbers=(S,)),
    "list_flow_publications": may(S, U),
    "get_flow_differences": may(S, U, numbers=(S,)),
    "check_flow": may(S, U, numbers=(S,)),
    "try_flow": may(S, U, numbers=(S,)),
    "draw_flow": may(S, U, numbers=(S,)),
    "publish_flow": may(S),
    "roll_back_flow": may(S),
    # Rosters, staffing, plans
    "list_shifts": may(S, U),
    "add_shifts": may(S),
    "remove_shifts": may(S),
    "get_roster_day": may(S, U),
    "order_roster": may(S),
    "get_roster_build": may(S, U),
    "get_staffing_round": may(S, U),
    "make_staffing_round": may(S),
    "get_staffing_proposal": may(S, U),
    "list_decided_proposals": may(S, U),
    "move_person": may(S),
    "accept_staffing_proposals": may(S),
    "decline_staffing_proposals": may(S),
    "undo_staffing_proposals": may(S),
    "get_staffing_intervals": may(S, U),
    "get_staffing_accuracy": may(S, U),
    "get_staffing_adherence": may(S, U),
    "get_plan_activations": may(S, U),
    "get_daily_review": may(S, U),
    "get_plans": FLOOR,
    "order_plan": may(S),
    "dry_run_plans": may(S, U),
    "list_recalls": may(S, U),
    "list_plan_decisions": may(S, U),
    # Missed calls and call-backs
    "list_missed_calls": may(S, U, numbers=(S,)),
    "list_call_backs": may(S, U, numbers=(S,)),
    "get_call_back": may(S, U, numbers=(S,)),
    "place_call_back": may(S, numbers=(S,)),
    "retry_call_back": may(S, numbers=(S,)),
    "cancel_call_back": may(S, numbers=(S,)),
    # Campaigns, reviews, deliveries
    "list_campaigns": may(S, C, U, numbers=(C,)),
    "add_campaign": may(C, numbers=(C,)),
    "get_campaign": may(S, C, U, numbers=(C,)),
    "get_dialler": may(S, C, U, numbers=(C,)),
    "get_outbound_limits": may(S, C, U),
    "change_outbound_limits": may(C),
    "list_contacts": may(C, U, numbers=(C,)),
    "add_contacts": may(C, numbers=(C,)),
    "preview_contacts": may(C, numbers=(C,)),
    "start_campaign": may(C, numbers=(C,)),
    "pause_campaign": may(C, numbers=(C,)),
    "end_campaign": may(C, numbers=(C,)),
    "set_campaign_mode": may(C, numbers=(C,)),
    "set_campaign_rules": may(C, numbers=(C,)),
    "get_campaign_results": may(S, C, U),
    "get_campaign_report": may(S, C, U),
    "get_campaign_sheet": may(S, C, U),
    "list_do_not_call": may(C, U, numbers=(C,)),
    "add_to_do_not_call": may(C, numbers=(C,)),
    "remove_from_do_not_call": may(C, numbers=(C,)),
    "list_reviews": may(C, U),
    "get_clip": may(C, U),
    "set_reviewed_answer": may(C),
    "list_deliveries": may(C, U, numbers=(C,)),
    "send_dead_deliveries": may(C),
    "send_delivery": may(C, numbers=(C,)),
    "list_previews": may(A, S, C),
    "accept_preview": may(own=(A,), numbers=(A,)),
    "skip_preview": may(own=(A,), numbers=(A,)),
    # Statistics and lines
    "get_connect_clock": FLOOR,
    "list_queue_intervals": may(S, C, U),
    "list_agent_days": may(S, U),
    "list_staff_intervals": may(S, U),
    "get_agent_day": may(S, U, own=(A,)),
    "get_report": may(S, U),
    "get_report_sheet": may(S, U),
    "get_daily_review_pdf": may(S, U),
    "list_exclusions": may(S, U),
    "exclude_call": may(S),
    "list_trunks": may(S, C, U),
    "follow_events": ALL,
    "get_wallboard": FLOOR,
    "get_wallboard_curve": FLOOR,
    "follow_wallboard": FLOOR,
    "add_screen": may(),
    # Accounts and the audit trail
    "get_identity": ALL,
    "begin_second_factor": ALL,
    "confirm_second_factor": ALL,
    "change_own_password": ALL,
    "list_accounts": may(U),
    "add_account": may(),
    "change_account": may(),
    "set_account_password": may(),
    "add_log_in_link": may(),
    "add_second_factor": may(),
    "remove_second_factor": may(),
    "list_tokens": may(U),
    "add_token": may(),
    "revoke_token": may(),
    "list_audit": may(U),
}
"""Each operation of the API."""

PAGES: Mapping[str, Permission] = {
    "page_log_in": OPEN,
    "page_code": OPEN,
    "follow_log_in_link": OPEN,
    "log_in": OPEN,
    "give_code": OPEN,
    "set_preferences": OPEN,
    "open_screen": OPEN,
    "page_home": ALL,
    "log_out": ALL,
    "page_me": ALL,
    "page_begin_second_factor": ALL,
    "page_confirm_second_factor": ALL,
    "page_change_own_password": ALL,
    "page_wallboard": FLOOR,
    "page_call_backs": may(S, U, numbers=(S,)),
    "page_missed_calls": may(S, U, numbers=(S,)),
    "page_call_back": may(S, U, numbers=(S,)),
    "page_turn_call_back": may(S, numbers=(S,)),
    "page_campaigns": may(S, C, U),
    "page_add_campaign": may(C),
    "page_campaign": may(S, C, U),
    "page_turn_campaign": may(C),
    "page_end_campaign": may(C),
    "page_set_campaign_mode": may(C),
    "page_set_campaign_rules": may(C),
    "page_show_campaign_results": may(S, C, U),
    "page_campaign_contacts": may(C, U, numbers=(C,)),
    "page_import": may(C),
    "page_preview_import": may(C, numbers=(C,)),
    "page_import_contacts": may(C, numbers=(C,)),
    "page_refused_contacts": may(C, numbers=(C,)),
    "page_reviews": may(C, U),
    "page_set_review": may(C),
    "page_reports": may(S, U),
    "page_daily_review": may(S, U),
    "page_settings": may(S, U),
    "page_setting_history": may(S, U),
    "page_queue_rules": may(S, U),
    "page_change_queue_rules": may(S),
    "page_agent_profile": may(S, U),
    "page_change_agent_profile": may(S),
    "page_pause_reasons": may(S, U),
    "page_change_pause_reasons": may(S),
    "page_dispositions": may(S, U),
    "page_change_dispositions": may(S),
    "page_texts": may(S, U),
    "page_text": may(S, U),
    "page_reword_text": may(S),
    "page_outbound_limits": may(S, C, U),
    "page_change_outbound_limits": may(C),
    "page_flows": may(S, U),
    "page_flow": may(S, U, numbers=(S,)),
    "page_save_flow": may(S, numbers=(S,)),
    "page_check_flow": may(S, U, numbers=(S,)),
    "page_try_flow": may(S, U, numbers=(S,)),
    "page_flow_differences": may(S, U, numbers=(S,)),
    "page_ask_publish_flow": may(S, numbers=(S,)),
    "page_publish_flow": may(S, numbers=(S,)),
    "page_shift_desk": may(S),
    "page_show_shift_day": may(S),
    "page_show_crew": may(S),
    "page_show_proposals": may(S),
    "page_show_plans": may(S),
    "page_dry_run_plan": may(S),
    "page_make_round": may(S),
    "page_decide_proposals": may(S),
    "page_move_person": may(S),
    "page_order_plan": may(S),
    "page_agent_desk": may(own=(A,), numbers=(A,)),
    "page_see_agent_desk": may(own=(A,), numbers=(A,)),
    "page_see_agent_work": may(own=(A,), numbers=(A,)),
    "page_set_own_state": may(own=(A,)),
    "page_command_own_talk": may(own=(A,)),
    "page_call_into_own_talk": may(own=(A,)),
    "page_dispose_own_call": may(own=(A,)),
    "page_note_own_call": may(own=(A,)),
    "page_keep_own_call_confidential": may(own=(A,)),
    "page_accounts": may(),
    "page_add_account": may(),
    "page_change_account": may(),
    "page_tokens": may(),
    "page_add_token": may(),
    "page_add_screen": may(),
    "page_revoke_token": may(),
    "page_audit": may(U),
    "page_calls": may(S, C, U, numbers=(S,)),
    "page_call": may(S, C, U, own=(A,), numbers=(S, A)),
    "page_prove_recording": may(S, U),
    "page_hold_recording": may(S),
}
"""Each page, and each thing that a page's form does."""

MACHINES: Mapping[str, Permission] = {
    "live": OPEN,
    "ready": OPEN,
    "metrics": OPEN,
    "static_file": OPEN,
}
"""What monitors and browsers fetch beside."""

PERMISSIONS: Mapping[str, Permission] = {**OPERATIONS, **PAGES, **MACHINES}
READS_OF_RECORDINGS = frozenset({"get_recording_audio", "get_clip", "export_recording"})
"""Reads that the audit trail tells of, as it tells of every change."""

READS_BY_POST = frozenset(
    {"check_flow", "try_flow", "draw_flow", "page_check_flow", "page_try_flow"}
)
"""What changes nothing, and is sent like a change only because it brings a text."""


def permits(identity: Identity, operation: str) -> bool:
    """Whether he may do it, to everything or to his own."""
    permission = PERMISSIONS[operation]
    named = operation in identity.operations
    return named or bool(identity.roles & permission.everybody)


def only_his_own(identity: Identity, operation: str) -> bool:
    """Whether he may do it only to his own agent and calls."""
    permission = PERMISSIONS[operation]
    return not identity.roles & permission.roles and bool(
        identity.roles & permission.own
    )


def sees_numbers(identity: Identity, operation: str) -> bool:
    """Whether telephone numbers are whole in what he is answered."""
    return bool(identity.roles & PERMISSIONS[operation].numbers)
