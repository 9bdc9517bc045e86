/**
 * Publishing inside Spring's transactions:
 * {@link dev.events.spring.transaction.SpringPublishTransactions} tells the bus of them,
 * {@link dev.events.spring.transaction.AfterCommitEventStore} makes a store that cannot
 * take part in them wait for their commit.
 */
@NullMarked
package dev.events.spring.transaction;

import org.jspecify.annotations.NullMarked;
