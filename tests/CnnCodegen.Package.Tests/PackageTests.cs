using System.IO.Compression;
using System.Reflection.PortableExecutable;
using CnnCodegen.Weights;

namespace CnnCodegen.Package.Tests;

/// <summary>A project outside the repository that knows nothing but the package. Slow: each test restores, builds and runs one.</summary>
[Trait("Category", "Package")]
public class PackageTests(PackageFixture package) : IClassFixture<PackageFixture>
{
    [Fact]
    public async Task A_network_runs_with_embedded_weights()
    {
        (int exitCode, string output) = await Run("embedded", """<CnnWeights Include="net.safetensors" />""", unsafeBlocks: null);

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("result 7 0, resources net.safetensors, beside the program: False\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_network_runs_with_weights_beside_the_program()
    {
        (int exitCode, string output) = await Run("beside", """<CnnWeights Include="net.safetensors" Embed="false" />""", unsafeBlocks: null);

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("result 7 0, resources , beside the program: True\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_sparse_layer_knows_its_zeros()
    {
        (int exitCode, string output) = await Run("unrolled", """<CnnWeights Include="net.safetensors" Unroll="true" />""", unsafeBlocks: null, refinement: "Sparse(0.5, Unroll = true), ");

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("result 7 0, resources net.safetensors, beside the program: False\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_project_that_does_not_say_where_the_zeros_are_is_told_so()
    {
        (int exitCode, string output) = await Run("unknown", """<CnnWeights Include="net.safetensors" />""", unsafeBlocks: null, refinement: "Sparse(0.5, Unroll = true), ");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error CNN0018: Linear 'fc', for AVX2: nothing says which weights are zero;", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_forbids_unsafe_code_is_told_so()
    {
        (int exitCode, string output) = await Run("safe", "", unsafeBlocks: false);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error CNN0003: the code of network 'Net' uses pointers; set <AllowUnsafeBlocks>true</AllowUnsafeBlocks>", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_is_also_there_compiled_ahead_of_time()
    {
        using ZipArchive archive = ZipFile.OpenRead(Directory.EnumerateFiles(package.Source, "*.nupkg").Single());

        Assert.False(HasNativeCode(archive.GetEntry("lib/net10.0/CnnCodegen.dll")!));
        Assert.True(HasNativeCode(archive.GetEntry("runtimes/linux-x64/lib/net10.0/CnnCodegen.dll")!));
    }

    private static bool HasNativeCode(ZipArchiveEntry assembly)
    {
        using MemoryStream image = new();
        using (Stream stream = assembly.Open()) stream.CopyTo(image);
        image.Position = 0;
        using PEReader reader = new(image);
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    /// <summary>Writes, builds and runs a program with a network.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="item">What the project says about the weights.</param>
    /// <param name="unsafeBlocks">What it says about unsafe code.</param>
    /// <param name="refinement">What stands behind the layer.</param>
    private async Task<(int ExitCode, string Output)> Run(string name, string item, bool? unsafeBlocks, string refinement = "")
    {
        string folder = package.CreateProjectFolder(name);
        string unsafeLine = unsafeBlocks is null ? "" : $"<AllowUnsafeBlocks>{unsafeBlocks}</AllowUnsafeBlocks>";
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestoreSources>{package.Source}</RestoreSources>
                <RestorePackagesPath>{package.Cache}</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageFixture.Fetched}</RestoreFallbackFolders>
                {unsafeLine}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="CnnCodegen" Version="{PackageFixture.Version}" />
                {item}
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), $$"""
            using System;
            using System.IO;
            using CnnCodegen;

            using var net = Net.Load();
            float[] y = new float[2];
            net.Run([3, 4], y);
            string resources = string.Join(", ", typeof(Net).Assembly.GetManifestResourceNames());
            bool beside = File.Exists(Path.Combine(AppContext.BaseDirectory, "net.safetensors"));
            Console.WriteLine($"result {y[0]} {y[1]}, resources {resources}, beside the program: {beside}");

            [Network(Weights = "net.safetensors")]
            [Input("x", 2)]
            [Linear("fc", 2), {{refinement}}Relu]
            internal sealed partial class Net;
            """);
        SafetensorsWriter.Write(
            Path.Combine(folder, "net.safetensors"),
            [("fc.weight", [2, 2], new float[] { 2, 0, 0, -1 }), ("fc.bias", [2], new float[] { 1, 0.5f })]);
        return await DotNet.Run(folder, "run", "-c", "Release");
    }
}
