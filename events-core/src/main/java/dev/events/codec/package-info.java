/**
 * {@link dev.events.codec.EventCodec} turns events into what is stored, and back into the
 * types that handlers ask for.
 */
@NullMarked
package dev.events.codec;

import org.jspecify.annotations.NullMarked;
