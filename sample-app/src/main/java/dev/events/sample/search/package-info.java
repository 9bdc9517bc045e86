/**
 * Plugin: keeps a search index of users and orders.
 */
@NullMarked
package dev.events.sample.search;

import org.jspecify.annotations.NullMarked;
