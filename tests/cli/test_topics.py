"""What the broker does with what counties write."""

from services.cli.topics import topics


def test_what_counties_write_has_the_brokers_clock_and_is_unpacked_by_it() -> None:
    # The consumer has no library for snappy, lz4 and zstd: one message of them would stop it for every county.
    configs = {topic.name: topic.configs for topic in topics(["yolo"])}
    assert configs["source-records-v1-yolo"].items() >= {
        ("message.timestamp.type", "LogAppendTime"),
        ("compression.type", "uncompressed"),
    }
    assert "compression.type" not in configs["records-v1"]
