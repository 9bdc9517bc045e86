/**
 * Stands in for a partner who receives our events as webhooks: checks their signature,
 * and takes each once.
 */
@NullMarked
package dev.events.sample.partner;

import org.jspecify.annotations.NullMarked;
