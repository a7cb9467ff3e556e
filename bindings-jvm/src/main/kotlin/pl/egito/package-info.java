/** The Egito SDK. Types are never null unless they are annotated as nullable. */
@NullMarked
package pl.egito;

import org.jspecify.annotations.NullMarked;
