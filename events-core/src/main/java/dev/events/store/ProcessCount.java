package dev.events.store;

/**
 * How many processes of a kind are in a status.
 *
 * @param process name of the kind
 * @param status the status
 * @param count how many
 */
public record ProcessCount(String process, String status, long count) {

}
