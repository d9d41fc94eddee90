"""What the functions of both flavours do inside their operations: ordinary code."""


def reserve(items: list[str]) -> str:
    return "+".join(items)


def ship(reservation: str) -> str:
    return f"shipped {reservation}"


def double(number: int) -> int:
    return number * 2
