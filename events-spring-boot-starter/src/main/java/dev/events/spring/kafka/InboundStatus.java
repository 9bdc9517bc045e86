package dev.events.spring.kafka;

/**
 * What a node has read from a topic since it started.
 *
 * @param topic name of the topic
 * @param stored events that were published
 * @param duplicates records whose event was in the log already
 * @param refused records that cannot be published
 * @param standing partitions of the topic whose next record has failed
 */
public record InboundStatus(String topic, long stored, long duplicates, long refused, int standing) {

}
