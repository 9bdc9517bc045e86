/**
 * Orders: placed over HTTP, kept in a table, announced as
 * {@link dev.events.sample.order.OrderPlaced}, and marked as paid on
 * {@link dev.events.sample.order.OrderPaid}. What stays unpaid is announced later, as
 * {@link dev.events.sample.order.OrderUnpaid}.
 */
@NullMarked
package dev.events.sample.order;

import org.jspecify.annotations.NullMarked;
