package dev.events.torture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.events.torture.check.Effect;
import dev.events.torture.check.Published;

/**
 * What a server holds at the end.
 *
 * @param published what was committed as publishers wrote it down in their transactions;
 * empty where there are none
 * @param log ids of the events in the log, in its order
 * @param dead ids of the events that are dead letters, by subscription
 * @param effects what transactional subscribers did
 */
record Contents(Map<UUID, Published> published, List<UUID> log, Map<String, Set<UUID>> dead, List<Effect> effects) {

}
