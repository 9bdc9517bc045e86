/**
 * Plugin: asks carriers what shipping costs, and waits for their offers. Shows requests
 * and answers.
 */
@NullMarked
package dev.events.sample.shipping;

import org.jspecify.annotations.NullMarked;
