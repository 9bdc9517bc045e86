/**
 * {@link dev.events.test.request.RequestScenarios} lets one node ask and others answer
 * over a store.
 */
@NullMarked
package dev.events.test.request;

import org.jspecify.annotations.NullMarked;
