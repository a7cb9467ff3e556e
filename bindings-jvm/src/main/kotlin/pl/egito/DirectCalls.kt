package pl.egito

import com.sun.jna.Memory
import com.sun.jna.Native
import com.sun.jna.Pointer
import java.lang.ref.Cleaner
import java.lang.ref.Reference
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.math.abs
import pl.egito.internal.EntityCall
import pl.egito.internal.FfiConverterOptionalTypeNativePage
import pl.egito.internal.FfiConverterString
import pl.egito.internal.FfiConverterTypeEntityCall
import pl.egito.internal.InternalException as BorderPanic
import pl.egito.internal.NativeContext
import pl.egito.internal.NativeEntity
import pl.egito.internal.NativePage
import pl.egito.internal.NativePages
import pl.egito.internal.RustBuffer
import pl.egito.internal.directBuffer
import pl.egito.internal.directBufferSize
import pl.egito.internal.directLargeResult

/**
 * Makes the blocking calls of an entity with integers as parameters, see `bindings-jvm/src/direct.rs`. They take a small part of the time
 * of [NativeEntity.run], for which JNA creates several structs.
 */
internal class DirectCalls(private val entity: NativeEntity, token: CancellationToken?) {
    private val cancellation = token?.handle
    private val handle = entity.uniffiCloneHandle()
    private val cancellationHandle = cancellation?.uniffiCloneHandle()

    init {
        val (handle, cancellationHandle) = handle to cancellationHandle
        CLEANER.register(this) {
            DirectFunctions.free(handle)
            cancellationHandle?.let(DirectFunctions::freeCancellation)
        }
    }

    /** Runs a call, and returns its result. Throws as [NativeEntity.run]. */
    fun run(call: EntityCall, withResponse: Boolean): ByteArray {
        val size = FfiConverterTypeEntityCall.allocationSize(call)
        if (size > BUFFER_SIZE) return entity.run(call, NativeContext(cancellation, withResponse))
        val buffer = ThreadBuffer.current()
        buffer.write(call, size.toInt())
        val length = DirectFunctions.run(handle, cancellationHandle, size.toInt(), withResponse, buffer.status)
        Reference.reachabilityFence(this)
        return buffer.read(length)
    }

    private companion object {
        val CLEANER: Cleaner = Cleaner.create()
        val BUFFER_SIZE = directBufferSize().toULong()
    }
}

/** Waits for the next page as [NativePages.next], with integers as parameters. */
internal fun NativePages.nextPage(): NativePage? = callWithHandle { handle ->
    val buffer = ThreadBuffer.current()
    FfiConverterOptionalTypeNativePage.read(buffer.result(DirectFunctions.nextPage(handle, buffer.status)))
}

/** The buffer that the native library has for this thread, and frees when the thread ends. */
private class ThreadBuffer {
    val status = CallStatus()
    private val memory = Pointer(directBuffer())
    private val size = directBufferSize()

    fun write(call: EntityCall, size: Int) {
        val bytes = ByteBuffer.allocate(size)
        FfiConverterTypeEntityCall.write(call, bytes)
        memory.write(0, bytes.array(), 0, bytes.position())
    }

    /** Returns a copy of the result with this length. Throws the error that it is if the length is negative. */
    fun read(length: Long): ByteArray {
        val bytes = at(abs(length)).getByteArray(0, abs(length).toInt())
        return if (length >= 0) bytes else throw exceptionOf(bytes)
    }

    /** Like [read], without a copy. It is valid until the next call. */
    fun result(length: Long): ByteBuffer =
        if (length >= 0) at(length).getByteBuffer(0, length).order(ByteOrder.BIG_ENDIAN) else throw exceptionOf(read(-length))

    private fun at(length: Long): Pointer = if (length <= size) memory else Pointer(directLargeResult())

    companion object {
        private val BUFFERS = ThreadLocal.withInitial(::ThreadBuffer)

        fun current(): ThreadBuffer = BUFFERS.get()
    }
}

/** The `RustCallStatus` of uniffi: a code, and the message of a panic. */
internal class CallStatus {
    val memory = Memory(SIZE).also { it.clear() }

    /** Throws the panic of the last call, if it has panicked. */
    fun check() {
        if (memory.getByte(0) == 0.toByte()) return
        val message = RustBuffer.create(memory.getLong(8).toULong(), memory.getLong(16).toULong(), memory.getPointer(24))
        memory.clear()
        throw BorderPanic(if (message.data == null) "Rust panic" else FfiConverterString.lift(message))
    }

    private companion object {
        const val SIZE = 32L
    }
}

/** Functions of the native library whose parameters are integers and addresses. */
private object DirectFunctions {
    init {
        Native.register(DirectFunctions::class.java, NativeLibrary.jna)
    }

    /** Runs a call of the entity. Returns the size of its result, negative for an error. */
    fun run(entity: Long, cancellation: Long?, size: Int, withResponse: Boolean, status: CallStatus): Long {
        val flag: Byte = if (withResponse) 1 else 0
        val memory = status.memory
        val own = uniffi_egito_jvm_fn_clone_nativeentity(entity, memory) // the call frees it
        val length = if (cancellation == null) {
            uniffi_egito_jvm_fn_method_nativeentity_run_direct(own, size, flag, memory)
        } else {
            val token = uniffi_egito_jvm_fn_clone_nativecancellation(cancellation, memory)
            uniffi_egito_jvm_fn_method_nativeentity_run_direct_cancellable(own, size, flag, token, memory)
        }
        status.check()
        return length
    }

    /** Waits for the next page. Returns its size, negative for an error. Frees the handle. */
    fun nextPage(pages: Long, status: CallStatus): Long =
        uniffi_egito_jvm_fn_method_nativepages_next_direct(pages, status.memory).also { status.check() }

    fun free(entity: Long): Unit = uniffi_egito_jvm_fn_free_nativeentity(entity, CallStatus().memory)

    fun freeCancellation(cancellation: Long): Unit = uniffi_egito_jvm_fn_free_nativecancellation(cancellation, CallStatus().memory)

    private external fun uniffi_egito_jvm_fn_clone_nativeentity(entity: Long, status: Pointer): Long

    private external fun uniffi_egito_jvm_fn_free_nativeentity(entity: Long, status: Pointer)

    private external fun uniffi_egito_jvm_fn_clone_nativecancellation(cancellation: Long, status: Pointer): Long

    private external fun uniffi_egito_jvm_fn_free_nativecancellation(cancellation: Long, status: Pointer)

    private external fun uniffi_egito_jvm_fn_method_nativeentity_run_direct(
        entity: Long,
        size: Int,
        withResponse: Byte,
        status: Pointer,
    ): Long

    private external fun uniffi_egito_jvm_fn_method_nativeentity_run_direct_cancellable(
        entity: Long,
        size: Int,
        withResponse: Byte,
        cancellation: Long,
        status: Pointer,
    ): Long

    private external fun uniffi_egito_jvm_fn_method_nativepages_next_direct(pages: Long, status: Pointer): Long
}
