/**
 * Spring Boot auto-configuration.
 */
@NullMarked
package dev.events.spring;

import org.jspecify.annotations.NullMarked;
