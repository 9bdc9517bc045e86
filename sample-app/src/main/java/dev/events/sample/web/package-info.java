/**
 * What all HTTP endpoints share: the shape of errors, and what events say about the
 * request that caused them.
 */
@NullMarked
package dev.events.sample.web;

import org.jspecify.annotations.NullMarked;
