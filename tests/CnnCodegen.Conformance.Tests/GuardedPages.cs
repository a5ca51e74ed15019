using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CnnCodegen.Conformance.Tests;

/// <summary>Address space without access, parts of which are opened: mmap and mprotect, or VirtualAlloc and VirtualProtect.</summary>
internal static unsafe partial class GuardedPages
{
    private const int ProtNone = 0, ProtRead = 1, ProtWrite = 2, MapPrivate = 2;
    private const uint MemCommit = 0x1000, MemReserve = 0x2000, MemRelease = 0x8000, PageNoAccess = 1, PageReadWrite = 4;

    private static int MapAnonymous => OperatingSystem.IsMacOS() ? 0x1000 : 0x20;

    /// <summary>Zeroed pages that any access to faults.</summary>
    public static byte* Reserve(nuint length)
    {
        if (OperatingSystem.IsWindows())
        {
            byte* memory = VirtualAlloc(null, length, MemReserve | MemCommit, PageNoAccess);
            return memory is not null ? memory : throw Error("VirtualAlloc");
        }

        byte* mapped = Map(null, length, ProtNone, MapPrivate | MapAnonymous, -1, 0);
        return mapped != (byte*)-1 ? mapped : throw Error("mmap");
    }

    /// <summary>Makes whole pages readable and writable.</summary>
    public static void Open(byte* start, nuint length)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!VirtualProtect(start, length, PageReadWrite, out _)) throw Error("VirtualProtect");
        }
        else if (Protect(start, length, ProtRead | ProtWrite) != 0)
        {
            throw Error("mprotect");
        }
    }

    /// <summary>Returns what <see cref="Reserve"/> gave.</summary>
    public static void Release(byte* start, nuint length)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!VirtualFree(start, 0, MemRelease)) throw Error("VirtualFree");
        }
        else if (Unmap(start, length) != 0)
        {
            throw Error("munmap");
        }
    }

    private static Win32Exception Error(string function) => new(Marshal.GetLastPInvokeError(), $"{function}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial byte* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(void* address, nuint size, uint protection, out uint previous);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(void* address, nuint size, uint type);
}
