"""What each word says with its plugin and without: the messages are those of the documents."""

from collections.abc import Collection

WORDS: dict[str, tuple[str, object]] = {
    "step": ("", 5),
    "retry=": ("retry", 6),
    "with_retry": ("retry", 1),
    "serializer=": ("serializers", "2 days, 0:00:00"),
    "create_callback": ("callbacks", True),
    "wait_for_callback": ("callbacks", {"approved": True}),
    "parallel": ("concurrency", [1, 1]),
    "map": ("concurrency", [2, 4]),
    "all": ("concurrency", [1, 2]),
    "saga": ("concurrency", "A"),
}
"""Each word's extra of core, and its result."""

_UNKNOWN = {
    "retry=": "retry strategy named 'transient'",
    "serializer=": "serializer named 'extended-json'",
}


def check(said: dict[str, object], extras: Collection[str]) -> None:
    """Compare what the words said where these extras are installed."""
    assert set(said) == set(WORDS)
    for word, (extra, result) in WORDS.items():
        if not extra or extra in extras:
            assert said[word] == result, word
            continue
        message = said[word]
        assert isinstance(message, str), word
        assert f'pip install "lambda-durable[{extra}]"' in message
        if word in _UNKNOWN:
            assert message.startswith(f"there is no {_UNKNOWN[word]}"), message
        else:
            assert message.startswith(f"ctx.{word}"), message
            assert "needs a plugin: pip install" in message
