/**
 * Publishing inside Spring's transactions:
 * {@link dev.events.spring.transaction.SpringPublishTransactions} tells the bus of them.
 */
@NullMarked
package dev.events.spring.transaction;

import org.jspecify.annotations.NullMarked;
