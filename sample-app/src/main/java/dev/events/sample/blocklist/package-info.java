/**
 * Plugin: keeps users of unwanted mail domains out. Shows a synchronous subscriber, which
 * can still cancel what is about to happen.
 */
@NullMarked
package dev.events.sample.blocklist;

import org.jspecify.annotations.NullMarked;
