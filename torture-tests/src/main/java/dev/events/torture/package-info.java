/**
 * The driver of the torture test: {@link dev.events.torture.TortureRun} starts a server
 * and several worker JVMs ({@link dev.events.torture.worker}), lets
 * {@link dev.events.torture.Chaos} loose on them, and in the end asks
 * {@link dev.events.torture.check.Checker} whether anything was lost, invented, reordered
 * or repeated without a reason.
 */
@NullMarked
package dev.events.torture;

import org.jspecify.annotations.NullMarked;
