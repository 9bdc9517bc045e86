package dev.events.store;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What became of an attempt to release scheduled events.
 *
 * @param types the types of those that are in the log now, with repetitions; duplicates,
 * which are no longer waiting either, are left out
 * @param now the store's time
 * @param next when the next one is due, not after {@code now} if there is something left;
 * {@code null} when none waits
 */
public record Released(List<String> types, Instant now, @Nullable Instant next) {

}
