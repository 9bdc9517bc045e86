/**
 * Checks the guide: {@code GuideTests} has a test for each page, in which its Java is
 * compiled ({@code JavaBlocks}), its configuration is bound ({@code ConfigurationBlocks})
 * and its links are followed ({@code Links}).
 */
package dev.events.docs;
