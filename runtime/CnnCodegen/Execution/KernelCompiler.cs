using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CnnCodegen.Execution;

/// <summary>
/// Has the just-in-time compiler work on a program's kernels, on a thread of its own, while the weights are loaded and the first run
/// begins. Where code is compiled ahead of time, or there is only one core, nothing is done.
/// </summary>
public static class KernelCompiler
{
    /// <summary>Starts to compile the kernels of a program, unless that has been started before.</summary>
    internal static void Start(NetworkProgram program)
    {
        if (RuntimeFeature.IsDynamicCodeCompiled && Environment.ProcessorCount > 1 && program.IsFirstUse())
            StartThread(program);
    }

    // Apart, so that a later load, or one on a single core, does not have to compile it.
    private static void StartThread(NetworkProgram program) =>
        new Thread(program.CompileKernels) { IsBackground = true, Name = "CnnCodegen compiler" }.UnsafeStart();

    /// <summary>Compiles all methods of a kernel.</summary>
    /// <param name="kernel">The generated class.</param>
    public static void Compile([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type kernel)
    {
        foreach (MethodInfo method in kernel.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }
}
