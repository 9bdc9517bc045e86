package dev.events.store;

import java.util.UUID;

/**
 * How far a replay has come in one partition. Each number only ever grows.
 *
 * @param replay id of the replay
 * @param position events of the replay up to here are handled, or their deliveries stored
 * @param handled how many events of the replay that is
 * @param failed failed attempts at events of the replay
 */
public record ReplayProgress(UUID replay, long position, long handled, long failed) {

}
