/**
 * The schema registry: {@link dev.events.schema.StoredSchemas} registers and finds
 * schemas, {@link dev.events.schema.PublishValidation} checks what is published,
 * {@link dev.events.schema.DerivedSchemas} makes schemas of classes.
 */
@NullMarked
package dev.events.schema;

import org.jspecify.annotations.NullMarked;
