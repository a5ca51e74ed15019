using System.Reflection;
using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

/// <summary>Finds the weight file that a network names.</summary>
internal static unsafe class WeightSource
{
    /// <summary>The embedded resource of that name, else the file of that name beside the program.</summary>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    public static SafetensorsFile Open(string name, Assembly assembly)
    {
        using Stream? resource = assembly.GetManifestResourceStream(name);
        // The resource lies in the assembly's image, which stays loaded as long as the generated code that calls this.
        if (resource is UnmanagedMemoryStream memory) return SafetensorsFile.View(memory.PositionPointer, memory.Length, name);
        return resource is not null ? SafetensorsFile.Read(resource, name) : Beside(name, assembly);
    }

    private static SafetensorsFile Beside(string name, Assembly assembly)
    {
        string path = Path.Combine(AppContext.BaseDirectory, name);
        if (File.Exists(path)) return SafetensorsFile.Open(path);
        throw new FileNotFoundException(
            $"The weights '{name}' are neither an embedded resource of {assembly.GetName().Name} nor a file {path}. " +
            $"Add <CnnWeights Include=\"{name}\" /> to the project, put the file beside the program, or use Load(path).",
            path);
    }
}
