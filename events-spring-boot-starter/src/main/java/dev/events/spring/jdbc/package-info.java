/**
 * The tables of the JDBC store: created by
 * {@link dev.events.spring.jdbc.EventsSchemaInitializer}, after whatever else sets up the
 * application's database.
 */
@NullMarked
package dev.events.spring.jdbc;

import org.jspecify.annotations.NullMarked;
