/**
 * Registers beans that define sagas.
 */
@NullMarked
package dev.events.spring.saga;

import org.jspecify.annotations.NullMarked;
