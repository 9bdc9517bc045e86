package dev.events.store;

/**
 * A schema as it is stored.
 *
 * @param type event type
 * @param version version, as {@code major.minor.patch}
 * @param document JSON Schema as JSON text of up to 256K characters; a store gives it
 * back character for character
 */
public record SchemaRecord(String type, String version, String document) {

}
