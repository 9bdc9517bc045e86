/**
 * Plugin: checkouts, as a saga. {@link dev.events.sample.checkout.CheckoutSaga} has a
 * payment made and the stock set aside; when something of it fails, or takes too long, it
 * takes back what was done. {@code Cashier} and {@code Warehouse} do the work.
 */
@NullMarked
package dev.events.sample.checkout;

import org.jspecify.annotations.NullMarked;
