package dev.events.delivery;

import java.util.List;

/**
 * A settled piece of the log in memory.
 *
 * @param entries the entries, in order
 * @param upTo everything after the position that was asked for, up to here, is in it
 */
record LogSlice(List<LogEntry> entries, long upTo) {

}
