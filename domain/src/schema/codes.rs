//! The codes that a refusal of a command may have. They are made where something is refused; tests hold these lists to
//! those places.

/// Codes of a whole command or transaction.
pub(super) const REJECTIONS: &[&str] = &[
    "already_exists",
    "not_found",
    "deleted",
    "reference_missing",
    "reference_deleted",
    "reference_cycle",
    "milestones_open",
    "conflict_closed",
    "use_complete",
    "command_unknown",
    "command_count",
    "command_repeated",
    "space_unknown",
    "space_full",
    "transaction_reused",
    "device_seq_reused",
];

/// Codes of a field. A command that is refused for its fields has the code of the first.
pub(super) const FIELDS: &[&str] = &[
    "field_missing",
    "field_unknown",
    "field_fixed",
    "type_wrong",
    "too_deep",
    "text_invalid",
    "text_nul",
    "text_blank",
    "too_short",
    "too_long",
    "too_many",
    "out_of_range",
    "color_invalid",
    "rank_invalid",
    "time_zone_unknown",
];
