"""Runs inside Blender (the `bpy` wheel): one session with the add-on, told as one line of JSON.

Arguments: the add-on's folder, a folder to work in.
"""
# ruff: noqa: PTH112, PTH113, PTH118, PTH123, PTH208

import json
import os
import sys

import bpy

connector, here = sys.argv[1:3]
sys.path.insert(0, connector)
import edgecode_blender  # noqa: E402


def picture(name):
    """A picture on disk."""
    image = bpy.data.images.new(name, 8, 8)
    image.filepath_raw = os.path.join(here, name + ".png")
    image.file_format = "PNG"
    image.save()
    path = image.filepath_raw
    bpy.data.images.remove(image)
    return path


def scene():
    """A scene that renders in a moment, with a texture in its world."""
    one = bpy.context.scene
    one.render.engine = "CYCLES"
    one.cycles.samples = 1
    one.cycles.use_denoising = False
    one.render.resolution_x, one.render.resolution_y = 32, 24
    one.frame_start, one.frame_end = 1001, 1002
    one.render.image_settings.file_format = "PNG"
    one.render.filepath = os.path.join(here, "out.####")
    return one


def lines():
    folder = os.environ["EDGECODE_SPOOL"]
    found = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name), encoding="ascii") as file:
            found += [json.loads(line) for line in file]
    return found


# A library with an object, which the scene links.
bpy.ops.mesh.primitive_cube_add()
bpy.context.object.name = "Linked"
bpy.data.libraries.write(os.path.join(here, "library.blend"), {bpy.context.object}, fake_user=True)
bpy.data.objects.remove(bpy.context.object)

edgecode_blender.register()
edgecode_blender.register()
one = scene()
texture = bpy.data.images.load(picture("texture"))
texture.use_fake_user = True
unused = bpy.data.images.load(picture("unused"))
with bpy.data.libraries.load(os.path.join(here, "library.blend"), link=True) as (there, wanted):
    wanted.objects = ["Linked"]
one.collection.objects.link(wanted.objects[0])

bpy.ops.wm.save_as_mainfile(filepath=os.path.join(here, "shot.blend"))
bpy.ops.wm.save_mainfile()
bpy.ops.render.render(animation=True)
note_after = [one.render.use_stamp_note, one.render.stamp_note_text]
one.render.filepath = os.path.join(here, "still")
bpy.ops.render.render(write_still=True)
bpy.ops.render.render()
spooled = lines()

# Nothing that goes wrong in the add-on reaches the render.
recorder = edgecode_blender._installed
recorder.spool.write = None
one.render.filepath = os.path.join(here, "unrecorded")
bpy.ops.render.render(write_still=True)
written = os.path.isfile(os.path.join(here, "unrecorded.png"))

bpy.ops.wm.open_mainfile(filepath=os.path.join(here, "shot.blend"))
still_there = [name for name, quiet in recorder._handlers if quiet in getattr(bpy.app.handlers, name)]
edgecode_blender.unregister()
left = [name for name, quiet in recorder._handlers if quiet in getattr(bpy.app.handlers, name)]
said = {
    "version": bpy.app.version_string,
    "lines": spooled,
    "note_after": note_after,
    "written": written,
    "faults": recorder.faults.counts(),
    "handlers_after_load": still_there,
    "handlers_left": left,
}
print("SAID " + json.dumps(said))
