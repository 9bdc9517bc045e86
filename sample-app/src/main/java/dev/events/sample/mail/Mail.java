package dev.events.sample.mail;

import java.time.Instant;

/**
 * A mail that was sent.
 *
 * @param recipient address
 * @param subject subject
 * @param sentAt when
 */
record Mail(String recipient, String subject, Instant sentAt) {

}
