/**
 * Runs sagas: {@link dev.events.saga.RegisteredSagas} has the definitions of this node,
 * {@code SagaSteps} makes a step of one saga in one commit of the store,
 * {@code SagaEvents} calls it for events and {@code SagaDeadlines} for timeouts.
 */
@NullMarked
package dev.events.saga;

import org.jspecify.annotations.NullMarked;
