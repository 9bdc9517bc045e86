/**
 * Requests and their answers: {@link dev.events.request.RequestMark} is what is written
 * on both, {@link dev.events.request.Requests} keeps those that wait on this node, each a
 * {@link dev.events.request.PendingRequest}.
 */
@NullMarked
package dev.events.request;

import org.jspecify.annotations.NullMarked;
