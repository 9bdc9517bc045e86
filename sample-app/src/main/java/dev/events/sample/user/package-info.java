/**
 * Users: registered and changed over HTTP, kept in a table, announced as
 * {@link dev.events.sample.user.UserRegistered} and
 * {@link dev.events.sample.user.UserUpdated}.
 */
@NullMarked
package dev.events.sample.user;

import org.jspecify.annotations.NullMarked;
