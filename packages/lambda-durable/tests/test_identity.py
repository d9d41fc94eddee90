"""Ids: the vectors that all Python SDKs share, and what they stand on."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_durable.identity import branch_id, operation_id
from lambda_durable.protocol import Limits

FIRST = "1ced8f5be2db23a6513eba4d819c73806424748a7bc6fa0d792cc1c7d1775a97"

# A context's id and the number in it, from None for the root; of contexts inside contexts too.
positions = st.tuples(
    st.none() | st.builds(operation_id, st.none(), st.integers(1, 50)), st.integers(0, 5000)
)


def test_operations_at_the_root() -> None:
    assert operation_id(None, 1) == FIRST


def test_operations_of_a_child_context() -> None:
    child = operation_id(FIRST, 1)
    assert child == "974bfc6321e227b0ff101342eaf19b336f002dc6cc99c18f0941a7755cc20fc4"


def test_branches_count_from_zero_and_their_operations_from_one() -> None:
    branch = branch_id(FIRST, 0)
    assert branch == "1712f93e2f51df042e2b933907d75accfe34a48fe4a42a24e0b08131bc72d591"
    inside = operation_id(branch, 1)
    assert inside == "48550629202cb2d0e1bd4f07d826361bbd2defa71565264c01647fc2da0e9b1e"


def test_an_id_fills_what_the_service_allows() -> None:
    assert len(FIRST) == Limits.OPERATION_ID_LENGTH


@settings(deadline=None)  # a machine may be busy
@given(positions, positions)
def test_only_the_same_position_has_the_same_id(
    one: tuple[str | None, int], other: tuple[str | None, int]
) -> None:
    assert (operation_id(*one) == operation_id(*other)) == (one == other)
