"""Every case of the list of hostile inputs is tried: here, or by the test that is named."""

import ast
import csv
import io
import json
from pathlib import Path

import pytest

from backoffice.copies import guarded
from tests.input.corpus import read_corpus

TESTS = Path(__file__).parents[1]

TEXT = "input/test_text.py"
HIDDEN = "submitting/test_submit.py::test_hidden_answers_stay_in_the_draft_and_are_not_sent"
NAMES = "uploads/test_arriving.py::test_name_is_text_on_the_page_and_one_value_in_the_header"
SHOWN_NAMES = "foundation/test_files.py::test_name_is_made_fit_to_be_shown"
LOADING = "forms_engine/test_loading.py"
MATRIX = "walls/test_matrix.py::test_nobody_sees_or_does_what_the_table_does_not_give_them"
SENDING = "input/test_requests.py"
LIMITS = "gates/test_limits.py"
CANARY = "issuing/test_canary.py"
CELLS = "input/test_cases.py::test_cell_is_text_for_a_spreadsheet_and_stays_readable"

#: The cases from … to …, and the test that tries them.
TRIED: list[tuple[int, int, str]] = [
    (1, 3, f"{TEXT}::test_what_hides_or_is_too_long_is_refused_at_its_box_and_kept"),
    (4, 5, f"{TEXT}::test_hostile_text_is_stored_exactly_and_shown_literally"),
    (6, 6, "forms_engine/test_free_text.py::test_free_text_holds_pictures_and_names_do_not"),
    (7, 14, f"{TEXT}::test_what_hides_or_is_too_long_is_refused_at_its_box_and_kept"),
    (15, 15, f"{TEXT}::test_blanks_of_all_kinds_are_no_answer"),
    (16, 22, f"{TEXT}::test_hostile_text_is_stored_exactly_and_shown_literally"),
    (23, 33, f"{TEXT}::test_value_that_is_none_is_refused_with_a_sentence"),
    (34, 34, "submitting/test_submit.py::test_fields_that_the_page_does_not_have_change_nothing"),
    (35, 35, HIDDEN),
    (36, 36, f"{SENDING}::test_fields_that_no_form_has_change_nothing"),
    (37, 37, "uploads/test_arriving.py::test_too_many_files_at_once_are_refused"),
    (38, 38, f"{SENDING}::test_of_a_parameter_that_stands_twice_the_last_counts"),
    (39, 39, "uploads/test_arriving.py::test_body_that_was_cut_off_is_refused_not_taken_for_a_whole_one"),
    (40, 40, "uploads/test_arriving.py::test_part_with_a_broken_name_is_refused_with_a_sentence_not_dropped"),
    (41, 51, "input/test_json.py::test_hostile_body_is_refused_with_a_sentence"),
    (52, 52, "input/test_json.py::test_json_test_suite_is_decided_as_its_names_say"),
    (53, 55, SHOWN_NAMES),
    (56, 67, NAMES),
    (68, 68, "uploads/test_manifest.py::test_each_hostile_file_meets_the_decision_of_the_manifest"),
    (69, 69, "uploads/test_keeping.py::test_limit_is_taken_and_one_byte_more_is_not"),
    (70, 70, "input/test_slow.py::test_body_that_drips_is_cut_and_the_thread_is_free_again"),
    (71, 72, "uploads/test_scanner.py::test_file_that_came_while_the_scanner_was_away_waits_unopened_and_is_caught_up"),
    (73, 73, "uploads/test_manifest.py::test_each_hostile_schema_is_refused_before_anything_in_it_is_followed"),
    (74, 74, f"{LOADING}::test_hostile_pattern_does_not_take_time"),
    (75, 79, f"{LOADING}::test_what_makes_no_sense_is_told_with_its_place"),
    (80, 80, "input/test_packages.py::test_package_is_refused_on_the_page"),
    (80, 80, "input/test_packages.py::test_package_is_refused_by_the_command"),
    (81, 81, f"{LOADING}::test_definition_names_no_authority"),
    (82, 82, f"{LOADING}::test_what_does_not_fit_the_schema_is_told_with_its_place"),
    (83, 87, MATRIX),
    (88, 88, f"{SENDING}::test_addresses_that_lead_out_or_nowhere_open_nothing"),
    (89, 91, f"{SENDING}::test_odd_queries_are_answered"),
    (92, 92, f"{SENDING}::test_signing_in_leads_nowhere_else"),
    (93, 93, f"{SENDING}::test_addresses_that_lead_out_or_nowhere_open_nothing"),
    (94, 95, f"{LIMITS}::test_fifty_guessed_references_from_one_address_are_ten"),
    (96, 97, "walls/test_matrix.py::test_pages_refuse_post_and_deeds_refuse_get"),
    (98, 98, f"{SENDING}::test_foreign_host_is_refused"),
    (99, 99, f"{LIMITS}::test_the_trusted_hop_counts_and_nothing_else"),
    (100, 100, f"{SENDING}::test_post_from_elsewhere_is_refused"),
    (101, 101, f"{SENDING}::test_broken_cookies_are_no_cookies"),
    (102, 102, f"{SENDING}::test_body_that_no_page_reads_is_refused"),
    (103, 103, f"{SENDING}::test_four_thousand_languages_cost_nothing"),
    (104, 104, f"{SENDING}::test_body_of_two_lengths_is_refused_by_the_web_server"),
    (105, 105, f"{SENDING}::test_a_thousand_ranges_are_one_whole_file"),
    (106, 106, f"{SENDING}::test_page_with_a_token_is_not_compressed_and_its_token_never_twice_the_same"),
    (
        107,
        107,
        "gates/test_sittings.py::test_session_id_set_before_is_dead_after_sign_in_second_factor_and_new_password",
    ),
    (108, 108, "gates/test_second_factor.py::test_operator_locks_an_account_and_ends_its_sittings"),
    (109, 109, f"{SENDING}::test_sitting_of_one_host_is_nobody_s_on_another"),
    (110, 110, "gates/test_links.py::test_link_for_a_new_password_holds_once_unchanged_in_time_and_for_its_account"),
    (111, 111, "gates/test_second_factor.py::test_code_and_recovery_code_hold_once_and_in_time"),
    (112, 112, "accounts/test_signing.py::test_sign_in_tells_nobody_who_has_an_account"),
    (113, 113, f"{LIMITS}::test_fifty_guesses_of_one_password_are_five"),
    (114, 114, "gates/test_second_factor.py::test_clerk_works_only_after_setting_up_a_second_factor"),
    (115, 115, MATRIX),
    (116, 116, "filling/test_steps.py::test_an_ended_sitting_leads_back_to_the_step_with_what_was_typed"),
    (117, 136, CELLS),
    (137, 137, f"{SENDING}::test_no_case_is_copied_out_as_a_spreadsheet_of_excel"),
    (138, 151, f"{CANARY}::test_without_any_escaping_nothing_is_fetched_and_no_bad_link_written"),
    (152, 154, f"{CANARY}::test_link_that_runs_something_stops_the_document"),
    (155, 155, f"{CANARY}::test_hostile_answers_and_names_are_only_words_on_the_receipt"),
    (156, 156, f"{CANARY}::test_fifty_thousand_rows_are_refused_at_once"),
    (157, 157, "issuing/test_file.py::test_page_tells_genuine_from_changed_and_foreign"),
]
#: Cases that speak of a thing that the portal does not have: what is tried is that it has none, or what stands for it.
STANDS_FOR = {
    80: "the portal reads no packages; every door for files refuses one",
    109: "all authorities share one host; no other host is answered, and no cookie is meant for one. That staff of one "
    "authority are nobody at another is tried by the matrix (115)",
    137: "the portal writes no XLSX, so there is no type of a cell to be wrong; asking for one is refused",
}


def cases() -> dict[int, dict[str, str]]:
    lines = read_corpus("badinput/cases.jsonl").splitlines()
    return {int(case["id"][1:]): case for case in map(json.loads, lines)}


def test_every_case_is_tried() -> None:
    named = {number for first, last, _test in TRIED for number in range(first, last + 1)}
    assert named == cases().keys()
    assert named >= STANDS_FOR.keys()


@pytest.mark.parametrize("test", sorted({test for _first, _last, test in TRIED}))
def test_what_tries_a_case_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.tr("A3.12.04")
def test_cell_is_text_for_a_spreadsheet_and_stays_readable() -> None:
    for number in range(117, 137):
        typed = cases()[number]["input"]
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerow([guarded(typed), "next"])
        [cell, following] = next(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";"))
        assert following == "next"
        assert cell.removeprefix("'") == typed
        assert cell.startswith("'") or typed == "a;=1+1" or typed == "a,=1+1", ascii(typed)
