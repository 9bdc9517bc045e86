/**
 * Plugin: sends a welcome mail to each new user, once.
 */
@NullMarked
package dev.events.sample.mail;

import org.jspecify.annotations.NullMarked;
