/**
 * The event store on a relational database: {@link dev.events.jdbc.JdbcEventStore} over a
 * {@code DataSource}, on tables made by {@link dev.events.jdbc.EventsSchema}. SQL that
 * differs between databases is in {@code Dialect} and its two implementations.
 */
@NullMarked
package dev.events.jdbc;

import org.jspecify.annotations.NullMarked;
