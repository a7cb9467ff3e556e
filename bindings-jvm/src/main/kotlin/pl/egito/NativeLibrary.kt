package pl.egito

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
import com.sun.jna.Platform
import pl.egito.internal.uniffiRustFutureContinuationCallbackImpl
import pl.egito.internal.version

/** The native library. The jar contains it for some platforms. */
internal object NativeLibrary {
    /** The version of the jar. The library must have the same. */
    private const val VERSION = "0.1.0"

    /** The library, for JNA. */
    val jna: com.sun.jna.NativeLibrary = try {
        com.sun.jna.NativeLibrary.getInstance("egito_jvm", NativeLibrary::class.java.classLoader)
    } catch (missing: UnsatisfiedLinkError) {
        val platform = Platform.RESOURCE_PREFIX
        val advice = "its jar has one for linux-x86-64 with glibc; set the system property jna.library.path to the folder of another one"
        throw linkError("cannot load the native library of the Egito SDK for $platform: $advice", missing)
    }

    init {
        val found = try {
            version()
        } catch (other: Throwable) { // a function is missing or has another signature
            throw linkError("the native library of the Egito SDK is of another version than its jar, $VERSION", other)
        }
        if (found != VERSION) {
            throw linkError("the native library of the Egito SDK has version $found, but its jar has version $VERSION", null)
        }
    }

    init {
        // Without this, JNA would attach the thread of the library to the JVM for each call in the background, and detach it again.
        Native.setCallbackThreadInitializer(uniffiRustFutureContinuationCallbackImpl, CallbackThreadInitializer(true, false, "egito"))
    }

    /** Loads the library, once. */
    fun load(): Unit = Unit

    private fun linkError(message: String, cause: Throwable?): UnsatisfiedLinkError {
        val error = UnsatisfiedLinkError(message)
        error.initCause(cause)
        return error
    }
}
