package dev.events.sample.payment;

import java.math.BigDecimal;
import java.util.UUID;

/**
 * A payment that was taken.
 *
 * @param orderId for which order
 * @param amount how much
 * @param attempt at which attempt it worked
 */
record Payment(UUID orderId, BigDecimal amount, int attempt) {

}
