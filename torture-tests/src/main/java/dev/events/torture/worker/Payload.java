package dev.events.torture.worker;

/**
 * Data of the events.
 *
 * @param key the event's key, or "-"
 * @param seq number within the key, from 1, without a gap in what is committed
 * @param filler to make it as long as real ones
 */
public record Payload(String key, long seq, String filler) {

}
