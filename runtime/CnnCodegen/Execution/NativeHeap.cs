using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

/// <summary>Memory of the process outside the managed heap.</summary>
internal static unsafe class NativeHeap
{
    // Blocks from this size on begin with a page of this size on Linux, which has to be asked for it.
    private const int HugePage = 1 << 21;

    /// <summary>A block aligned to <see cref="NativeBuffer.Alignment"/>.</summary>
    public static byte* Allocate(long bytes, bool zeroed)
    {
        bool huge = bytes >= HugePage && OperatingSystem.IsLinux();
        nuint alignment = huge ? (nuint)HugePage : NativeBuffer.Alignment, room = checked((nuint)bytes + alignment);
        // Fresh pages are zero already; whoever writes them first takes them.
        void* beginning = zeroed ? NativeMemory.AllocZeroed(room) : NativeMemory.Alloc(room);
        // The aligned address behind the beginning, with that in front: the heap aligns to the size of two pointers.
        byte* block = (byte*)(((nuint)beginning + alignment) & ~(alignment - 1));
        ((void**)block)[-1] = beginning;
        if (huge) AdviseHugePages(block, (nuint)bytes);
        return block;
    }

    public static void Free(byte* block) => NativeMemory.Free(((void**)block)[-1]);

    /// <summary>Asks Linux for huge pages: taking the first few megabytes page by page takes longer than packing weights into them.</summary>
    [MethodImpl(Compilation.Whole)]
    private static void AdviseHugePages(byte* block, nuint bytes)
    {
        const int MADV_HUGEPAGE = 14;
        nint madvise = LinuxFunctions.Madvise;
        if (madvise != 0) _ = ((delegate* unmanaged<void*, nuint, int, int>)madvise)(block, bytes, MADV_HUGEPAGE);
    }

    /// <summary>Looked up once.</summary>
    private static class LinuxFunctions
    {
        /// <summary>Null where the program is linked in such a way that its functions have no names.</summary>
        public static readonly nint Madvise = Find("madvise");

        private static nint Find(string name)
        {
            try
            {
                return NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), name, out nint function) ? function : 0;
            }
            catch (ExternalException)
            {
                return 0;
            }
        }
    }
}
