package dev.events.sample.search;

import java.util.UUID;

/**
 * Something that was found.
 *
 * @param kind what it is
 * @param id its id
 * @param text what is known of it
 */
record SearchHit(String kind, UUID id, String text) {

}
