/**
 * The store on a relational database.
 */
@NullMarked
package dev.events.jdbc;

import org.jspecify.annotations.NullMarked;
